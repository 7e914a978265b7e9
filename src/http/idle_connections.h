#pragma once

#include <boost/intrusive/list.hpp>

namespace millstream::http {

class Connection;

// A connection's place among those that wait for a request. Leaves its list when it is destroyed.
using IdleHook =
    boost::intrusive::list_base_hook<boost::intrusive::link_mode<boost::intrusive::auto_unlink>>;

// The connections of one reactor that wait for a request and may be closed for others. On the
// reactor's thread; costs no allocation.
class IdleConnections {
 public:
  // `used`: it has sent a request before. Whoever is in already comes to the end.
  void add(IdleHook& connection, bool used) {
    connection.unlink();
    (used ? used_ : unused_).push_back(connection);
  }
  static void remove(IdleHook& connection) { connection.unlink(); }

  // The one to close first: of those that never sent a request, then of the others, the one that
  // has waited longest. nullptr if there is none.
  [[nodiscard]] IdleHook* first() {
    List& list = unused_.empty() ? used_ : unused_;
    return list.empty() ? nullptr : &list.front();
  }

 private:
  using List = boost::intrusive::list<IdleHook, boost::intrusive::constant_time_size<false>>;
  List unused_;
  List used_;
};

}  // namespace millstream::http
