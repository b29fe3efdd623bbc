/** The code of the README, so that it compiles and does what is said there. */
package dev.docket.worker.readme;
