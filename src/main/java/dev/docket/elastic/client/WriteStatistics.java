package dev.docket.elastic.client;

/**
 * Statistics of the bulk writer since the start.
 *
 * @param requests the number of bulk requests, including retries
 * @param records the number of stored or removed records
 * @param retries the number of retries of whole or partial requests
 * @param waiting the number of writes that are now in flight or waiting
 */
public record WriteStatistics(long requests, long records, long retries, int waiting) {}
