/** The role that owns the queue: group commit, waiting claims, sweeps. */
@NullMarked
package io.posthorn.storage;

import org.jspecify.annotations.NullMarked;
