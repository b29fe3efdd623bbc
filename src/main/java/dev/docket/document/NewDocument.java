package dev.docket.document;

import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A document as an archivist submits it. */
public record NewDocument(
    @NotNull @Valid Target target,
    @NotNull @Valid Creator creator,
    @MaxJsonBytes @Nullable Map<String, @Nullable Object> metadata) {}
