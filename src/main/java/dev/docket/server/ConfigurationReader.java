package dev.docket.server;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.docket.logging.LogText;
import io.dropwizard.configuration.ConfigurationException;
import io.dropwizard.configuration.ConfigurationSourceProvider;
import io.dropwizard.configuration.YamlConfigurationFactory;
import jakarta.validation.Validator;
import java.io.IOException;
import java.io.Serial;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Reads the configuration. Its error messages say where a mistake is, but do not quote the file: a
 * password with a quotation mark is a mistake in YAML, too.
 */
final class ConfigurationReader<T> extends YamlConfigurationFactory<T> {

  /** A line of the file, followed by a line with a caret below the mistake. */
  private static final Pattern SNIPPET = Pattern.compile("\\R {4,}.*\\R *\\^");

  /** A text that stands where a section should be. */
  private static final Pattern QUOTED_VALUE = Pattern.compile("\\s*\\('.*'\\)", Pattern.DOTALL);

  ConfigurationReader(Class<T> type, Validator validator, ObjectMapper mapper, String prefix) {
    super(type, validator, mapper, prefix);
  }

  @Override
  public T build(ConfigurationSourceProvider provider, String path)
      throws IOException, ConfigurationException {
    try {
      return super.build(provider, path);
    } catch (ConfigurationException e) {
      List<String> errors = e.getErrors().stream().map(ConfigurationReader::withoutValues).toList();
      throw new InvalidConfiguration(path, errors);
    }
  }

  private static String withoutValues(String error) {
    String unquoted = SNIPPET.matcher(error).replaceAll("");
    return QUOTED_VALUE
        .matcher(unquoted)
        .replaceAll("")
        .lines()
        .map(LogText::line)
        .collect(Collectors.joining("\n"));
  }

  /** Has no cause, because the messages of causes quote the file. */
  private static final class InvalidConfiguration extends ConfigurationException {

    @Serial private static final long serialVersionUID = 1;

    private InvalidConfiguration(String path, List<String> errors) {
      super(path, errors);
    }
  }
}
