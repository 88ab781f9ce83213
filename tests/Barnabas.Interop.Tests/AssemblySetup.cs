// Each test has two cores' worth of brokers and clients of its own: one at a time.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
