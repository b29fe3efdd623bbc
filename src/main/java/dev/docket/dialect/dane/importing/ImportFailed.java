package dev.docket.dialect.dane.importing;

import java.io.Serial;
import org.jspecify.annotations.Nullable;

/** The import stopped. What was imported stays; a repeated import continues. */
public final class ImportFailed extends RuntimeException {

  @Serial private static final long serialVersionUID = 1;

  public ImportFailed(String message) {
    super(message);
  }

  public ImportFailed(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
