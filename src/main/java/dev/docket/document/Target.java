package dev.docket.document;

import com.fasterxml.jackson.annotation.JsonAnyGetter;
import com.fasterxml.jackson.annotation.JsonAnySetter;
import com.fasterxml.jackson.annotation.JsonProperty;
import dev.docket.store.ImmutableJson;
import jakarta.validation.constraints.NotNull;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a document is about.
 *
 * @param id the archive's own identifier: any text up to 8 KiB in UTF-8
 * @param url location of the content; up to 8 KiB
 * @param extra all other submitted keys, stored unchanged and not indexed
 */
public record Target(
    @NotNull @BoundedText String id,
    @NotNull @BoundedText String url,
    @NotNull TargetType type,
    @MaxJsonBytes(max = 65_536)
        @JsonAnySetter
        @JsonAnyGetter
        @JsonProperty(access = JsonProperty.Access.READ_WRITE)
        Map<String, @Nullable Object> extra) {

  public Target {
    extra = ImmutableJson.map(extra);
  }
}
