/** The role that asks every role how it is, and serves health and metrics. */
@NullMarked
package io.posthorn.health;

import org.jspecify.annotations.NullMarked;
