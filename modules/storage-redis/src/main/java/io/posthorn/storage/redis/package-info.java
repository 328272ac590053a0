/** The engine {@code redis}: the queue as server-side scripts. */
@NullMarked
package io.posthorn.storage.redis;

import org.jspecify.annotations.NullMarked;
