// This test program can be started again as a sandbox, as the server can.
#include <gtest/gtest.h>

#include <cstring>

#include "services/functions/sandbox/child.h"

int main(int argc, char** argv) {
  if (argc > 1 && strcmp(argv[1], millstream::functions::kSandboxCommand) == 0) {
    millstream::functions::sandbox_main();
  }
  testing::InitGoogleTest(&argc, argv);
  return RUN_ALL_TESTS();
}
