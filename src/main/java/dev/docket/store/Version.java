package dev.docket.store;

/**
 * Which writing of a record one has seen: a later compare-and-set names it. The two numbers are
 * Elasticsearch's sequence number and primary term.
 */
public record Version(long sequence, long term) {}
