package dev.docket.store;

/**
 * The version of a record, as a condition of a later compare-and-set: Elasticsearch's sequence
 * number and primary term.
 */
public record Version(long sequence, long term) {}
