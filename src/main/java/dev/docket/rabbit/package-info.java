/**
 * RabbitMQ, or whatever speaks AMQP 0-9-1 like it: the only room that knows how tasks travel.
 * {@link dev.docket.rabbit.RabbitBroker} is its door.
 */
@NullMarked
package dev.docket.rabbit;

import org.jspecify.annotations.NullMarked;
