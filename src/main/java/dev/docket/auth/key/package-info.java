/**
 * API keys: configured ones, and managed ones, which are records that each server keeps in memory
 * and reads again every two seconds.
 */
@NullMarked
package dev.docket.auth.key;

import org.jspecify.annotations.NullMarked;
