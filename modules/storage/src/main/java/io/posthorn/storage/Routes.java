package io.posthorn.storage;

/**
 * Where calls go in a phase.
 *
 * @param appends new events, and what acts on queues
 * @param claims nowhere: they are answered with nothing
 * @param saves changes of the directory
 * @param reads the directory and what happened
 * @param spareResults results of what was claimed from the spare; to the primary: only their attempts are recorded
 * @param primaryResults results of what was claimed from the primary; nowhere: they are kept until it is back
 */
record Routes(Route appends, Route claims, Route saves, Route reads, Route spareResults, Route primaryResults) {}
