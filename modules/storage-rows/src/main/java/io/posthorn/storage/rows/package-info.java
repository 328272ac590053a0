/** How engines write the records of the contract into rows. */
@NullMarked
package io.posthorn.storage.rows;

import org.jspecify.annotations.NullMarked;
