#pragma once

#include <cstddef>
#include <cstdint>

// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
namespace millstream::iam {

// ---- Always hold. Sizes are of characters other than white space.
inline constexpr size_t kTrustPolicySizeMax = 2048;
inline constexpr size_t kManagedPolicySizeMax = 6144;
inline constexpr size_t kInlinePoliciesSizeMax = 10'240;  // all of one role's together
inline constexpr size_t kAttachedPoliciesMax = 10;        // of one role
inline constexpr size_t kPolicyVersionsMax = 5;
inline constexpr size_t kTagsMax = 50;

// ---- Hold with --quotas aws.
inline constexpr size_t kRolesPerAccountMax = 1000;
inline constexpr size_t kPoliciesPerAccountMax = 1500;

inline constexpr int32_t kMaxSessionSecondsDefault = 3600;
inline constexpr int32_t kPageSizeDefault = 100;

}  // namespace millstream::iam
