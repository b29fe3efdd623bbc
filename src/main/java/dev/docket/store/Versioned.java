package dev.docket.store;

/** A record with its version. */
public record Versioned<T>(T value, Version version) {}
