/**
 * The RabbitMQ adapter. No package outside of it uses the AMQP client; {@link
 * dev.docket.rabbit.RabbitBroker} is its entry point.
 */
@NullMarked
package dev.docket.rabbit;

import org.jspecify.annotations.NullMarked;
