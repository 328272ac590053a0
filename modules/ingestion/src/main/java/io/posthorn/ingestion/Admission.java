package io.posthorn.ingestion;

/**
 * What a node lets in. One for all instances of the node.
 *
 * @param pending by what it holds
 * @param requests by who asks
 */
public record Admission(PendingGate pending, RequestLimits requests) {}
