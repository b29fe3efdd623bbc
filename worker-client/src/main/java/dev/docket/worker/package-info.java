/**
 * What an author of workers uses: say which task keys one takes and how one task is done, and
 * {@link dev.docket.worker.DocketWorker} sees to the rest.
 */
@NullMarked
package dev.docket.worker;

import org.jspecify.annotations.NullMarked;
