/** Queue statistics from RabbitMQ's management API. */
@NullMarked
package dev.docket.rabbit.management;

import org.jspecify.annotations.NullMarked;
