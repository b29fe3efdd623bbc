package dev.docket.elastic.record;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.util.JsonGeneratorDelegate;
import java.io.IOException;

/**
 * Writes names that every parser can read. A surrogate that stands alone has no UTF-8; as a value
 * it survives as an escape, but as a name Jackson refuses it when it reads the record again
 * (https://github.com/FasterXML/jackson-core/issues/1541).
 */
final class ValidNames extends JsonGeneratorDelegate {

  ValidNames(JsonGenerator json) {
    // Objects are written through this one, as their names are what it is about.
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
