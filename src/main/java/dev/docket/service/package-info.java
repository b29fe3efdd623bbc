/**
 * Services: what the workers of a task key do, its inputs, outputs, options, policy and health.
 * Records of the store and sections of the configuration, which each server keeps in memory.
 */
@NullMarked
package dev.docket.service;

import org.jspecify.annotations.NullMarked;
