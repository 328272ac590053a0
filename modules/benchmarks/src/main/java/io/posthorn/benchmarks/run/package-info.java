/** What every case needs: the processes, the method of measuring, statistics and results. */
@NullMarked
package io.posthorn.benchmarks.run;

import org.jspecify.annotations.NullMarked;
