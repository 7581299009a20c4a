// Binary trees made, counted and freed: malloc and pointer chasing.
#include <stdio.h>
#include <stdlib.h>

typedef struct Node {
  struct Node *left, *right;
} Node;

static Node *make(int depth) {
  Node *node = malloc(sizeof *node);
  if (!node) abort();
  node->left = depth > 0 ? make(depth - 1) : NULL;
  node->right = depth > 0 ? make(depth - 1) : NULL;
  return node;
}

static unsigned countNodes(const Node *node) {
  return node ? 1 + countNodes(node->left) + countNodes(node->right) : 0;
}

static void drop(Node *node) {
  if (!node) return;
  drop(node->left);
  drop(node->right);
  free(node);
}

int main(void) {
  unsigned check = 0;
  Node *kept = make(16);
  for (int depth = 4; depth <= 16; depth += 4)
    for (int i = 0; i < 1 << (22 - depth); i++) {
      Node *tree = make(depth - 1);
      check = check * 3 + countNodes(tree);
      drop(tree);
    }
  printf("%u %u\n", check, countNodes(kept));
  return 0;
}
