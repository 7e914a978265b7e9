#pragma once

#include <functional>
#include <memory>
#include <string>

#include "aws/error.h"
#include "aws/request_context.h"
#include "base/random.h"
#include "lanes/lanes.h"
#include "services/dynamodb/catalogue.h"
#include "services/dynamodb/sweeper.h"

namespace millstream::dynamodb {

// DynamoDB: tables and items, each change durable before its call is answered.
//
// Operation: a table's items are spread over the lanes by the hash of their partition key. An item
// is read, judged and written in one transaction of its lane; reads go to the durable state,
// without a lane, and are always strongly consistent. Concurrency: operations run on any executor.
// Limits: model/item_size.h, model/syntax.h, limits.h. Provisioned throughput is stored and
// described, never enforced; throttling would stand in `write_item` (item_writer.h) and
// `read_page`.
class Service {
 public:
  // Made before lanes.start(), which the catalogue's observers need. All references outlive it.
  // `background` runs the sweeper; `warn` gets a sentence for the server's own log, on any thread.
  Service(lanes::Lanes& lanes, Random& random, io::Executor& background,
          std::function<void(const std::string&)> warn)
      : lanes_(lanes),
        random_(random),
        catalogue_(lanes),
        sweeper_(lanes, background, catalogue_, std::move(warn)) {}

  // Reads the catalogue (blocks) and goes on with interrupted deletions; after lanes.start().
  Result<> start() {
    Result<> loaded = catalogue_.load();
    if (loaded) sweeper_.wake();
    return loaded;
  }
  // On the background executor's thread or after it stopped.
  void stop() { sweeper_.stop(); }

  // ---- For the operations.
  [[nodiscard]] lanes::Lanes& lanes() { return lanes_; }
  [[nodiscard]] Random& random() { return random_; }
  [[nodiscard]] Catalogue& catalogue() { return catalogue_; }
  [[nodiscard]] Sweeper& sweeper() { return sweeper_; }

 private:
  lanes::Lanes& lanes_;
  Random& random_;
  Catalogue catalogue_;
  Sweeper sweeper_;
};

}  // namespace millstream::dynamodb
