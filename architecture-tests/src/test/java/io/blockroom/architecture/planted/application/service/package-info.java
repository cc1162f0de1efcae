/** Planted services. */
@NullMarked
package io.blockroom.architecture.planted.application.service;

import org.jspecify.annotations.NullMarked;
