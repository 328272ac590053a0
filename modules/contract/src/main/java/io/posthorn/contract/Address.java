package io.posthorn.contract;

/**
 * A place on the event bus where a role answers.
 *
 * @param name {@code posthorn.<role>.<verb>}
 * @param requestType what it takes
 * @param replyType what it answers
 */
public record Address<Q, R>(String name, Class<Q> requestType, Class<R> replyType) {}
