"""What programs import besides: logging, queues, threads in sequence, pprint, numbers."""

import logging
import numbers
import pprint
import queue
import sys
import threading
import traceback

logging.basicConfig(stream=sys.stdout, level=logging.INFO, format="%(levelname)s:%(name)s:%(message)s")
log = logging.getLogger("a.b")


def show(f):
    try:
        print(f())
    except Exception as e:
        print(type(e).__name__, e)


show(lambda: (pprint.pformat({'b':1,'a':[1,2,3]})))
pprint.pprint({'key%d'%i:list(range(i*4)) for i in range(6)})
pprint.pprint([list(range(20)),{'x':'y'*30,'z':'w'*40}],width=50)
log.info('hello %s %d','x',3)
log.debug('no')
log.warning('w')
logging.error('root')
log.setLevel(logging.DEBUG)
log.debug('yes')
print(log.getEffectiveLevel(),log.name,log.parent.name,logging.getLevelName(20),log)
q=queue.Queue()
q.put(1)
q.put(2)
print(q.get(),q.qsize(),q.empty())
q=queue.PriorityQueue()
q.put(3)
q.put(1)
print(q.get())
out=[]
t=threading.Thread(target=lambda x: out.append(x),args=(5,))
t.start()
t.join()
print(out)
from concurrent.futures import ThreadPoolExecutor
ex=ThreadPoolExecutor(2)
print(list(ex.map(lambda x:x*x,[1,2,3])), ex.submit(pow,2,3).result())
lock=threading.Lock()
lock.acquire()
print(lock.locked())
lock.release()
show(lambda: (isinstance(3,numbers.Number), isinstance(3.0,numbers.Integral), isinstance(True,numbers.Real), isinstance(1j,numbers.Real)))
show(lambda: traceback.format_exception_only(ValueError('x')))
