package dev.docket.worker;

import java.io.PrintWriter;
import java.io.StringWriter;

/** The stack trace of what a handler threw, for the log of its run. */
final class StackTrace {

  /** The maximum length, in characters. What comes after is the causes of the causes. */
  static final int MAX_LENGTH = 32 * 1024;

  private StackTrace() {}

  static String of(Throwable thrown) {
    Bounded text = new Bounded();
    thrown.printStackTrace(new PrintWriter(text));
    return text.toString();
  }

  /** Drops what exceeds the limit as it is written: messages and causes can be of any size. */
  private static final class Bounded extends StringWriter {

    @Override
    public void write(int c) {
      if (getBuffer().length() < MAX_LENGTH) {
        super.write(c);
      }
    }

    @Override
    public void write(String text) {
      write(text, 0, text.length());
    }

    @Override
    public void write(String text, int offset, int length) {
      super.write(text, offset, Math.min(length, MAX_LENGTH - getBuffer().length()));
    }

    @Override
    public void write(char[] text, int offset, int length) {
      super.write(text, offset, Math.min(length, MAX_LENGTH - getBuffer().length()));
    }
  }
}
