package io.posthorn.contract;

import io.vertx.core.buffer.Buffer;

/**
 * The body of a message create request, as it came.
 *
 * @param body JSON text in UTF-8
 */
public record MessageDraft(Buffer body) {}
