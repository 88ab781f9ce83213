// Most of a test here is waiting: for workers to join and to share their work, for intervals of connectors.
[assembly: CollectionBehavior(MaxParallelThreads = 4)]
