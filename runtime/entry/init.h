// init.h - nothing to call: linking the runtime is enough (see init.cpp for the order of events).
#pragma once
