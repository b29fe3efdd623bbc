package dev.docket.logging;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Queue;

/**
 * Finds in one pass over a text whether it contains control characters, or one of many keywords in
 * any case (the algorithm of Aho and Corasick). Nearly every log line contains neither, so this is
 * all that it costs. Thread-safe.
 */
final class TextScan {

  /** The text contains nothing that was searched for. */
  static final int NOTHING = 0;

  /** The text contains a character that {@link #isControl} names. */
  static final int CONTROL = 1;

  /** The text contains a keyword. */
  static final int KEYWORD = 2;

  private static final int SYMBOLS = 128;

  /** For state and symbol, the next state. State 0 is the start. */
  private final int[] next;

  private final boolean[] isEnd;

  TextScan(Collection<String> keywords) {
    List<int[]> states = new ArrayList<>();
    List<Boolean> ends = new ArrayList<>();
    addState(states, ends);
    for (String keyword : keywords) {
      int state = 0;
      for (int i = 0; i < keyword.length(); i++) {
        int[] transitions = states.get(state);
        int symbol = symbol(keyword.charAt(i));
        if (transitions[symbol] < 0) {
          transitions[symbol] = addState(states, ends);
        }
        state = transitions[symbol];
      }
      if (state != 0) {
        ends.set(state, true);
      }
    }
    addFallbacks(states, ends);
    next = new int[states.size() * SYMBOLS];
    isEnd = new boolean[states.size()];
    for (int state = 0; state < isEnd.length; state++) {
      System.arraycopy(states.get(state), 0, next, state * SYMBOLS, SYMBOLS);
      isEnd[state] = ends.get(state);
    }
  }

  private static int addState(List<int[]> states, List<Boolean> ends) {
    int[] transitions = new int[SYMBOLS];
    Arrays.fill(transitions, -1);
    states.add(transitions);
    ends.add(false);
    return states.size() - 1;
  }

  /** Completes the transitions: where no keyword continues, with the longest suffix that does. */
  private static void addFallbacks(List<int[]> states, List<Boolean> ends) {
    int[] fallback = new int[states.size()];
    Queue<Integer> breadthFirst = new ArrayDeque<>(List.of(0));
    while (!breadthFirst.isEmpty()) {
      int state = breadthFirst.remove();
      int[] transitions = states.get(state);
      for (int symbol = 0; symbol < SYMBOLS; symbol++) {
        int inherited = state == 0 ? 0 : states.get(fallback[state])[symbol];
        int following = transitions[symbol];
        if (following < 0) {
          transitions[symbol] = inherited;
        } else {
          fallback[following] = inherited;
          ends.set(following, ends.get(following) || ends.get(inherited));
          breadthFirst.add(following);
        }
      }
    }
  }

  /** Returns the union of {@link #CONTROL} and {@link #KEYWORD}, for what the text contains. */
  int scan(String text) {
    int found = NOTHING;
    int state = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (isControl(c)) {
        found |= CONTROL;
      }
      state = next[state * SYMBOLS + symbol(c)];
      if (isEnd[state]) {
        found |= KEYWORD;
      }
    }
    return found;
  }

  /**
   * Whether a character can change how a terminal or a reader shows the log: control characters
   * (C0, DEL, C1), line and paragraph separators, and the overrides of the text direction.
   */
  static boolean isControl(char c) {
    if (c < 0x7f) {
      return c < 0x20;
    }
    return c < 0xa0 || (c >= 0x2028 && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069);
  }

  /** Lower case of an ASCII character. All other characters are one symbol. */
  private static int symbol(char c) {
    if (c >= SYMBOLS) {
      return 0;
    }
    return c >= 'A' && c <= 'Z' ? c + ('a' - 'A') : c;
  }
}
