// What BLAS promises of two functions, element by element, for tests. Arguments that
// BLAS does not allow are counted.

static long calls, misuses;

long blas_calls(void) { return calls; }
long blas_misuses(void) { return misuses; }

#define GEMM(name, number)                                                                                       \
  void name(int order, int ta, int tb, int m, int n, int k, number alpha, const number *a, int lda,              \
            const number *b, int ldb, number beta, number *c, int ldc) {                                         \
    __atomic_add_fetch(&calls, 1, __ATOMIC_RELAXED);                                                             \
    if (order != 101 || (ta != 111 && ta != 112) || (tb != 111 && tb != 112) || m < 0 || n < 0 || k < 0 ||       \
        lda < (ta == 111 ? k : m) || ldb < (tb == 111 ? n : k) || ldc < n) {                                     \
      __atomic_add_fetch(&misuses, 1, __ATOMIC_RELAXED);                                                         \
      return;                                                                                                    \
    }                                                                                                            \
    for (long i = 0; i < m; i++)                                                                                 \
      for (long j = 0; j < n; j++) {                                                                             \
        double sum = 0;                                                                                          \
        for (long l = 0; l < k; l++)                                                                             \
          sum += (double)(ta == 111 ? a[i * lda + l] : a[l * lda + i]) *                                         \
                 (double)(tb == 111 ? b[l * ldb + j] : b[j * ldb + l]);                                          \
        number old = beta == 0 ? 0 : beta * c[i * ldc + j]; /* what is there need not be a number */             \
        c[i * ldc + j] = (number)(alpha * sum) + old;                                                            \
      }                                                                                                          \
  }

GEMM(cblas_sgemm, float)
GEMM(cblas_dgemm, double)
