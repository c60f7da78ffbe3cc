package stdlib

// withoutWaiting is not needed: pipes have no names among files here.
const withoutWaiting = 0
