// Most of a test here is waiting: for intervals of groups, for time-outs, for a broker that is gone.
[assembly: CollectionBehavior(MaxParallelThreads = 4)]
