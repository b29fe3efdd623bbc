package dev.docket.elastic.record;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.util.JsonGeneratorDelegate;
import java.io.IOException;

/**
 * Replaces unpaired surrogates in field names. UTF-8 cannot represent an unpaired surrogate.
 * Jackson escapes one in a value, but it cannot read an escaped one in a field name
 * (https://github.com/FasterXML/jackson-core/issues/1541).
 */
final class ValidNames extends JsonGeneratorDelegate {

  ValidNames(JsonGenerator json) {
    // Objects must be written through this generator, so that it sees their field names.
    super(json, false);
  }

  @Override
  public void writeFieldName(String name) throws IOException {
    super.writeFieldName(valid(name));
  }

  private static String valid(String name) {
    for (int i = 0; i < name.length(); i++) {
      if (Character.isSurrogate(name.charAt(i))) {
        return replaced(name);
      }
    }
    return name;
  }

  private static String replaced(String name) {
    StringBuilder valid = new StringBuilder(name.length());
    name.codePoints()
        .map(c -> c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE ? '\uFFFD' : c)
        .forEach(valid::appendCodePoint);
    return valid.toString();
  }
}
