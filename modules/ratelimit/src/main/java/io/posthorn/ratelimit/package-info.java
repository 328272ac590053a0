/** The role that admits or defers, by application and by endpoint. */
@NullMarked
package io.posthorn.ratelimit;

import org.jspecify.annotations.NullMarked;
