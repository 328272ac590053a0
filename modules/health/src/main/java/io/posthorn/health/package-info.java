/** The role that asks every role how it is, and serves health and metrics on the management port. */
@NullMarked
package io.posthorn.health;

import org.jspecify.annotations.NullMarked;
