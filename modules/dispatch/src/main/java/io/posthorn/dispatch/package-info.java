/** The role that claims deliveries and sends them. */
@NullMarked
package io.posthorn.dispatch;

import org.jspecify.annotations.NullMarked;
