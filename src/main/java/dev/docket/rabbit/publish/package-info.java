/** Publishing with publisher confirms. */
@NullMarked
package dev.docket.rabbit.publish;

import org.jspecify.annotations.NullMarked;
