package dev.docket.elastic.client;

/**
 * What was written since the start.
 *
 * @param requests bulk requests, repeated ones too
 * @param records records stored or removed
 * @param repeats how often a request was repeated, whole or in part
 * @param waiting how many writes are under way or waiting now
 */
public record WriteStatistics(long requests, long records, long repeats, int waiting) {}
