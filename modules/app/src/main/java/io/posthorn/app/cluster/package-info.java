/** How a node finds the others, what it knows of them, and how it leaves. */
@NullMarked
package io.posthorn.app.cluster;

import org.jspecify.annotations.NullMarked;
