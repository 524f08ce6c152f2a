// empty.c - a C program that does nothing: what a detector costs at start and end.
int main(void) { return 0; }
