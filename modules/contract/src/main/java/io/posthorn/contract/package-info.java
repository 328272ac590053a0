/** The words every role shares: records, ids, sealed outcomes, error codes and bus addresses. No I/O. */
@NullMarked
package io.posthorn.contract;

import org.jspecify.annotations.NullMarked;
