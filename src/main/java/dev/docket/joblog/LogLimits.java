package dev.docket.joblog;

/**
 * Limits of logs.
 *
 * @param lineLength the number of characters after which a line is cut
 * @param appendLines the maximum number of lines in one append
 * @param appendBytes the maximum size of the lines in one append
 * @param runLines the number of lines of a run after which further ones are dropped
 * @param runBytes the size of the lines of a run after which further ones are dropped
 */
public record LogLimits(
    int lineLength, int appendLines, long appendBytes, int runLines, long runBytes) {}
