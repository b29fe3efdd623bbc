package dev.docket.store;

/** A record and which writing of it this is. */
public record Versioned<T>(T value, Version version) {}
