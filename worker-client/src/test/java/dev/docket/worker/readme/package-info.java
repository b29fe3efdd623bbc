/** The code of the README, to test that it compiles and works as described. */
package dev.docket.worker.readme;
