package dev.docket.fuzz;

import dev.docket.fuzz.RequestDraft.Framing;
import java.util.List;
import java.util.Random;

/** Changes how a body is sent or the answer is read, or sends another body. */
final class BodyMutations {

  private static final List<String> BODIES =
      List.of(
          "{}",
          "[]",
          "[{}]",
          "null",
          "1",
          "\"x\"",
          "{",
          "[",
          "[{",
          "{\"a\":",
          "{\"a\":1}{\"b\":2}",
          "{\"a\":1}\n{\"b\":2}\n",
          "\n\n\n",
          " ",
          "\0\0\0\0",
          "\uf7ff\uf7fe{\0}\0",
          "\0\0\0{\u0011\0\0\0",
          "\ufeff{}",
          "a=b&c=%zz",
          "<xml/>",
          "[" + "1,".repeat(20_000) + "1]",
          "{\"a\":\"\uf7ff\"}",
          "[\"\uf7c0\uf780\"]",
          "[".repeat(100_000),
          "{\"" + "k".repeat(60_000) + "\":1}");

  private BodyMutations() {}

  static String change(RequestDraft draft, Random random) {
    if (random.nextInt(5) == 0) {
      draft.leaves = true;
      return "leave";
    }
    if (draft.hasBody() && random.nextInt(4) > 0) {
      Framing[] framings = Framing.values();
      draft.framing = framings[random.nextInt(framings.length)];
      return "body " + draft.framing;
    }
    draft.text = BODIES.get(random.nextInt(BODIES.size()));
    return "body " + (draft.text.length() > 20 ? draft.text.substring(0, 20) : draft.text);
  }
}
