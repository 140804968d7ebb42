// The validator is one per process, so tests run one after the other.
using Xunit;

[assembly: CollectionBehavior(DisableTestParallelization = true)]
